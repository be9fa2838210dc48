"""Which faults can be recognised on the chargers of which makers, before any case."""
