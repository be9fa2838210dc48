"""Rules against what happened: examples, mutants, recordings with a known end, how often they were right."""
