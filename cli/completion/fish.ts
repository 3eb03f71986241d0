/** The completion script for fish. */
export const fishScript = `# fish completion of rehearse. Save it as ~/.config/fish/conf.d/rehearse.fish

function __rehearse_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    if test "$program" = npx
        set -e words[1]
        set program ./node_modules/.bin/dps-rehearsal
    end
    set -l before (string match -r '^-[^=]*=|^.*:' -- $current)
    set -l path (string replace -r '^-[^=]*=|^.*:' '' -- $current)
    for line in ($program complete -- $words "$current" 2>/dev/null)
        switch $line
            case ':files'
                __rehearse_paths "$before" "$path" '.'
            case ':folders'
                __rehearse_paths "$before" "$path" '/$'
            case ':yaml'
                __rehearse_paths "$before" "$path" '/$|\\.ya?ml$'
            case ':*'
            case '*'
                echo $line
        end
    end
end

function __rehearse_paths
    for entry in (complete -C "rehearse-path $argv[2]" | string replace -r '\\t.*' '' | string match -r ".*(?:$argv[3])")
        echo "$argv[1]$entry"
    end
end

function __rehearse_is_npx
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test "$words[2]" = dps-rehearsal; and test -x node_modules/.bin/dps-rehearsal
end

complete -c rehearse -f -a '(__rehearse_words)'
complete -c dps-rehearsal -f -a '(__rehearse_words)'
complete -c npx -n __rehearse_is_npx -f -a '(__rehearse_words)'
`;
