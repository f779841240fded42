# Texts that a catalogue lacks (-v what="lacks"), fuzzes or has too many, from
# msgattrib's output.  Output, separated by tabs: FILE LINE RULE WORD MESSAGE.

BEGIN { OFS = "\t" }

function report(text)
{
	print (place[1] ? place[1] : po), place[2] + 0, "translation", "-",
	    po " " what " " text
	place[1] = place[2] = ""
}

/^#: / {
	split($2, place, ":")
}

/^(#~ )?msgid "/ {
	text = $0
	sub(/^(#~ )?msgid /, "", text)
	waiting = text == "\"\""
	if (!waiting)
		report(text)
	next
}

# A text of several lines goes on here; the header has no place.
waiting && /^(#~ )?"/ {
	if (place[1] || /^#~/)
		report($0)
	waiting = 0
}
