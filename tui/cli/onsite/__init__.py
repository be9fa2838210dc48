"""`chargelore bench`: a management system on a technician's laptop, without and with a screen."""
