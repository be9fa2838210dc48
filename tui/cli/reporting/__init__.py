"""`chargelore report`: what chargers tell, what would help, who waits for whom."""
