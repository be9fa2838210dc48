"""What chargers of a model say and never say, learned from what was heard."""
