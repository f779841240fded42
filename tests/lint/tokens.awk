# Takes C sources apart.  Output, separated by tabs: FILE LINE KIND TEXT.
#
# Every line gives one `code` (or `cpp`, a preprocessor line) in which comments
# are blank and literals empty; besides, each string literal gives a `string`
# and each include an `include`.

function emit(kind, text)
{
	gsub(/\t/, " ", text)
	print FILENAME "\t" FNR "\t" kind "\t" text
}

# Skip a literal that opened with `quote` at the beginning of `rest`.
function literal(quote,    text, c)
{
	text = ""
	while (match(rest, /["'\\]/)) {
		c = substr(rest, RSTART, 1)
		text = text substr(rest, 1, RSTART - 1)
		if (c == "\\") {
			text = text substr(rest, RSTART, 2)
			rest = substr(rest, RSTART + 2)
			continue
		}
		rest = substr(rest, RSTART + 1)
		if (c == quote)
			break
		text = text c
	}
	if (quote == "\"")
		emit("string", text)
}

# The line without comments and literals.
function strip(line,    code, found, i)
{
	rest = line
	code = ""
	while (rest != "") {
		if (in_comment) {
			i = index(rest, "*/")
			rest = i ? substr(rest, i + 2) : ""
			in_comment = !i
			continue
		}
		if (!match(rest, /"|'|\/\*|\/\//)) {
			code = code rest
			break
		}
		code = code substr(rest, 1, RSTART - 1)
		found = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		if (found == "//")
			break
		if (found == "/*") {
			in_comment = 1
		} else {
			code = code found found
			literal(found)
		}
	}
	return code
}

FNR == 1 {
	in_comment = 0
	in_cpp = 0
}

!in_comment && /^[ \t]*#[ \t]*include/ {
	include = $0
	sub(/^[ \t]*#[ \t]*include[ \t]*/, "", include)
	sub(/[ \t].*/, "", include)
	emit("include", include)
	emit("cpp", "")
	next
}

{
	text = strip($0)
	if (in_cpp || text ~ /^[ \t]*#/) {
		emit("cpp", text)
		in_cpp = text ~ /\\$/
	} else {
		emit("code", text)
	}
}
