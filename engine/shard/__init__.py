"""Shard: chargers dealt to several processes; what comes out is the same to the byte, however many there are."""
