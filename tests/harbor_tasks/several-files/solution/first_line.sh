first_line() { head -n 1 "$1"; }
