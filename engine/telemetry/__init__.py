"""What it would save if chargers of a model said more: the plan replayed in the learned model. Pure."""
