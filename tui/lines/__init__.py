"""Lines: cases, diagnoses, hits and findings turned into styled text. Pure; widgets only show what is made here."""
