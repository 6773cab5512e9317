"""`make demo`: a ready project of photographs on this machine, with every process that production has."""
