# The table: medians, speeds, and how many times as fast hikae is.
#
# Reads what contest.sh records.  "plain direct reading by N" also counts for
# "plain direct reading", the best of them.

function median(list,    n, i, j, t, a) {
	n = split(list, a, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && a[j] + 0 < a[j - 1] + 0; j--) {
			t = a[j]
			a[j] = a[j - 1]
			a[j - 1] = t
		}
	return a[int((n + 1) / 2)]
}

function seconds_of(title, label) {
	return median(times[title, label])
}

$2 == "@size" {
	titles[++count] = $1
	bytes[$1] = $3
	files[$1] = $4
	next
}
$2 == "@child" {
	if ($3 > peak[$1])
		peak[$1] = $3
	mode[$1] = $4
	next
}
$2 == "@cpu" {
	cpu[$1] = cpu[$1] " " $3
	next
}
$2 == "@target" {
	aim[$1, $4] = $5
	next
}
{
	if (!(($1, $2) in times))
		labels[$1, ++label_count[$1]] = $2
	times[$1, $2] = times[$1, $2] " " $3
}

# The best of the depths stands for plain direct reading.
function find_best(title,    i, label, seconds, best) {
	for (i = 1; i <= label_count[title]; i++) {
		label = labels[title, i]
		if (label !~ /^plain direct reading by/)
			continue
		seconds = seconds_of(title, label)
		if (best == "" || seconds < seconds_of(title, best))
			best = label
	}
	if (best != "" && (title, "plain direct reading") in aim)
		aim[title, best] = aim[title, "plain direct reading"]
}

function print_line(title, label,    seconds, ratio, goal) {
	seconds = seconds_of(title, label)
	printf "  %-28s %9.0f %9.0f", label, bytes[title] / seconds / 1e6, \
		files[title] / seconds
	if (label == "hikae") {
		printf "\n"
		return
	}
	if (!((title, "hikae") in times)) {
		printf "\n"
		return
	}
	ratio = seconds / seconds_of(title, "hikae")
	goal = aim[title, label]
	printf " %8.2f", ratio
	if (goal != "")
		printf "   %-6s %s", goal, \
			(ratio >= goal ? "met" : "missed")
	printf "\n"
}

# How fast hikae could be at most where the sandbox is what costs.
function print_floor(title,    i, label, seconds) {
	if (!((title, "floor in the sandbox") in times))
		return
	seconds = seconds_of(title, "floor in the sandbox")
	for (i = 1; i <= label_count[title]; i++) {
		label = labels[title, i]
		if (aim[title, label] != "")
			printf "  the floor itself: %.2f times as fast as %s\n", \
				seconds_of(title, label) / seconds, label
	}
}

END {
	for (i = 1; i <= count; i++) {
		title = titles[i]
		find_best(title)
		printf "\n%s: %d files, %.2f GB\n", title, files[title], \
			bytes[title] / 1e9
		printf "  %-28s %9s %9s %8s   %s\n", "", "MB/s", "files/s", \
			"hikae", "aim"
		for (j = 1; j <= label_count[title]; j++)
			print_line(title, labels[title, j])
		print_floor(title)
		work = median(cpu[title])
		printf "  of each second of processor time: %.0f MB, %.0f files\n", \
			bytes[title] / work / 1e6, files[title] / work
		printf "  a reader's memory: %.1f MiB (aim: 64); read: %s\n", \
			peak[title] / 1024, mode[title]
	}
}
