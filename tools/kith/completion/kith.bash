# bash completion of kith
_kith() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]:-}
    local load='--filter --exclude --prefetch --select-related --order-by --distinct --limit --offset --max-depth --max-joins --max-terms'
    local words=''
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        words='schema fetch models measure --help --version'
    elif [[ $previous == --format ]]; then
        words='json jsonl table tree'
    elif [[ $previous == --trace ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
    elif [[ $current == -* ]]; then
        case $command in
            schema) words='--json --dot --svg --help' ;;
            fetch) words="$load --fields --format --stream --explain --trace --redact --max-rows --max-related-rows --max-bytes --max-seconds --help" ;;
            models) words='--namespace --help' ;;
            measure) words="$load --runs --sample --chunk --help" ;;
        esac
    elif ((COMP_CWORD == 2)); then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
    elif ((COMP_CWORD == 3)) || [[ $command == models ]]; then
        # Not by compgen, which expands its words: a table may be called $(reboot).
        local table
        while IFS= read -r table; do
            [[ $table == "${current//\\/}"* ]] && COMPREPLY+=("$table")
        done < <(kith schema "${COMP_WORDS[2]}" --json 2>/dev/null | sed -n 's/^    {"name": "\([^"\\]*\)", "view".*/\1/p')
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o filenames -F _kith kith
