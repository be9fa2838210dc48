"""From what a charger says to what is wrong; useful with no screen."""
