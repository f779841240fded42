# Rules about one file's text, from what tokens.awk gives.
# Output, separated by tabs: FILE LINE RULE WORD MESSAGE.
#
# forbidden  functions that cannot be used safely, or that block or start
#            shells
# exit       a library returns; only main.c ends the program
# sql        SQL stands in lib/store
# length     500 lines a source, 150 a header, 60 a function
# parameters at most six

BEGIN {
	FS = OFS = "\t"
	everywhere = "sprintf|vsprintf|strcpy|strcat|stpcpy|strncpy|strncat|" \
		"strtok|atoi|atol|atoll|gets|tmpnam|tempnam|mktemp|alloca"
	product = everywhere "|system|popen|sleep|usleep|nanosleep|rand|" \
		"random|srand|localtime|gmtime|ctime|asctime"
	before = "(^|[^A-Za-z0-9_])("
	sql = "(^|[^A-Za-z_])(SELECT |INSERT (OR [A-Z]+ )?INTO|" \
		"UPDATE [a-z_]+ SET|DELETE FROM|DROP TABLE|ALTER TABLE|" \
		"CREATE (TABLE|INDEX|VIEW|TRIGGER)|PRAGMA |BEGIN IMMEDIATE)"
}

function report(line, rule, word, message)
{
	print file, line, rule, word, message
}

function end_of_file(    limit)
{
	limit = file ~ /\.h$/ ? 150 : 500
	if (file != "" && last > limit)
		report(last, "length", "-", last " lines, at most " limit)
}

# The first call of one of the names in text, or "".
function called(names, text,    word)
{
	if (!match(text, before names ")[ \t]*\\("))
		return ""
	word = substr(text, RSTART, RLENGTH)
	gsub(/[^A-Za-z0-9_]/, "", word)
	return word
}

# Parameters in the first pair of parentheses of a declaration.
function count_parameters(text,    i, c, depth, count, inside)
{
	i = index(text, "(")
	depth = 0
	count = 1
	inside = ""
	for (; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(")
			depth++
		else if (c == ")" && --depth == 0)
			break
		else if (c == "," && depth == 1)
			count++
		else
			inside = inside c
	}
	gsub(/[ \t]/, "", inside)
	return inside == "" || inside == "void" ? 0 : count
}

function check_declaration(    name, count)
{
	gsub(/__attribute__[ \t]*\(\(.*\)\)/, "", outer)
	if (!match(outer, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/))
		return
	name = substr(outer, RSTART, RLENGTH)
	gsub(/[^A-Za-z0-9_]/, "", name)
	function_name = name
	count = count_parameters(outer)
	# A replaced library function has the parameters that it has.
	if (count > 6 && name !~ /^__(wrap|real)_/)
		report(outer_line, "parameters", name,
		    name " has " count " parameters, at most 6")
}

function open_brace(    head)
{
	if (depth++ > 0)
		return
	head = outer
	gsub(/__attribute__[ \t]*\(\(.*\)\)/, "", head)
	in_function = head ~ /\)[ \t]*$/ && head !~ /=/
	if (in_function)
		check_declaration()
	function_line = outer_line
	outer = ""
}

function close_brace()
{
	if (depth > 0 && --depth > 0)
		return
	if (in_function && $2 - function_line + 1 > 60)
		report(function_line, "length", function_name,
		    function_name " has " ($2 - function_line + 1) \
		    " lines, at most 60")
	in_function = 0
	outer = ""
}

# Follow the braces; what stands outside of them is collected in `outer`.
function follow(text,    part, c)
{
	while (text != "") {
		if (match(text, /[{};]/)) {
			part = substr(text, 1, RSTART - 1)
			c = substr(text, RSTART, 1)
			text = substr(text, RSTART + 1)
		} else {
			part = text
			c = text = ""
		}
		if (depth == 0) {
			if (index(part, "(") && !index(outer, "("))
				outer_line = $2
			outer = outer " " part
		}
		if (c == "{") {
			open_brace()
		} else if (c == "}") {
			close_brace()
		} else if (c == ";" && depth == 0) {
			if (outer !~ /=/)
				check_declaration()
			outer = ""
		}
	}
}

$1 != file {
	end_of_file()
	file = $1
	depth = in_function = 0
	outer = ""
	is_product = file ~ /^(lib|daemon|cli)\//
	may_exit = !is_product || file ~ /^(daemon|cli)\/main\.c$/
	may_sql = !is_product || file ~ /^lib\/store\//
}

{ last = $2 }

$3 == "string" && !may_sql && match($4, sql) {
	report($2, "sql", "-", "SQL outside of lib/store")
}

$3 == "code" || $3 == "cpp" {
	word = called(is_product ? product : everywhere, $4)
	if (word != "")
		report($2, "forbidden", word, word "()")
	if (!may_exit) {
		word = called("exit|_exit|_Exit|quick_exit", $4)
		if (word != "")
			report($2, "exit", word, word "() outside of main.c")
	}
}

$3 == "code" { follow($4) }

END { end_of_file() }
