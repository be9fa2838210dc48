"""`chargelore rules`: what rule authors need: tests, lint, why-not, backtest, and a first draft from cases."""
