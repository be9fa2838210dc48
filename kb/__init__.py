"""What is known about chargers and their faults; useful with no charger and no screen."""
