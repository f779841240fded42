# (in preparation)
