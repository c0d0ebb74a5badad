# fish completion of kith
function __kith_tables
    set -l words (commandline -opc)
    if test (count $words) -ge 3
        kith schema $words[3] --json 2>/dev/null | string replace -rf '^    \{"name": "([^"\\\\]*)", "view".*' '$1'
    end
end

set -l all schema fetch models measure
complete -c kith -n "not __fish_seen_subcommand_from $all" -f -a "$all"
complete -c kith -l help -d 'Show the options'
complete -c kith -n "__fish_seen_subcommand_from $all" -a '(__kith_tables)'
complete -c kith -n '__fish_seen_subcommand_from schema' -l json -d 'As JSON'
complete -c kith -n '__fish_seen_subcommand_from schema' -l dot -d 'For Graphviz'
complete -c kith -n '__fish_seen_subcommand_from schema' -l svg -d 'As a picture'
for option in filter exclude prefetch select-related order-by limit offset max-depth max-joins max-terms
    complete -c kith -n '__fish_seen_subcommand_from fetch measure' -l $option -x
end
complete -c kith -n '__fish_seen_subcommand_from fetch measure' -l distinct -d 'Each row once'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l fields -x -d 'Columns to show'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l format -x -a 'json jsonl table tree'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l stream -x -d 'Load N rows at a time'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l explain -d 'Show the statements without running them'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l trace -r -F -d 'Write a page of the statements that ran'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l redact -d 'Leave values out of that page'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l max-rows -x -d 'Maximum number of rows of the table'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l max-related-rows -x -d 'Maximum number of rows that the lookups load'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l max-bytes -x -d 'Maximum size of the values that are loaded'
complete -c kith -n '__fish_seen_subcommand_from fetch' -l max-seconds -x -d 'Maximum time of the load'
complete -c kith -n '__fish_seen_subcommand_from models' -l namespace -x -d 'Namespace of the models'
complete -c kith -n '__fish_seen_subcommand_from measure' -l runs -x -d 'How often each way is timed'
complete -c kith -n '__fish_seen_subcommand_from measure' -l sample -x -d 'Number of rows to load row by row'
complete -c kith -n '__fish_seen_subcommand_from measure' -l chunk -x -d 'Chunk size to try'
