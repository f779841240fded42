# The comment that a header opens with names its module and its layer.
# Output, separated by tabs: FILE LINE RULE WORD MESSAGE.

BEGIN {
	OFS = "\t"
	n = split("base os crypto format model inspect examine worker store " \
	    "judge output", name, " ")
	split("0 1 2 2 3 3 4 5 5 6 7", number, " ")
	for (i = 1; i <= n; i++)
		layer[name[i]] = number[i]
}

FNR == 1 {
	split(FILENAME, part, "/")
	base = part[3]
	sub(/\.h$/, "", base)
	if ($0 != "/*")
		print FILENAME, 1, "opening", "-", "opens without a comment"
}

FNR == 2 && index($0, " * " base ": ") != 1 {
	print FILENAME, 2, "opening", "-", "does not open with \"" base ": \""
}

/^ \* Layer [0-9]/ && $3 + 0 != layer[part[2]] {
	print FILENAME, FNR, "opening", "-",
	    "layer " $3 + 0 ", but " part[2] " is layer " layer[part[2]]
}
