/** The completion script for bash 3.2 and newer. It does not need the package bash-completion. */
export const bashScript = `# bash completion of rehearse. Add to ~/.bashrc: source PATH-OF-THIS-FILE

_rehearse_words() {
  local line kind=none cur="\${COMP_WORDS[COMP_CWORD]}" IFS=$'\\n'
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) kind=\${line#:} ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("$@" 2>/dev/null)
  [[ $cur == [=:] ]] && cur=
  [[ $cur == -*=* ]] && cur=\${cur#*=}
  [[ $kind != none ]] && type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
  case $kind in
    files) COMPREPLY+=($(compgen -f -- "$cur")) ;;
    folders) COMPREPLY+=($(compgen -d -- "$cur")) ;;
    yaml) COMPREPLY+=($(compgen -d -- "$cur"; compgen -f -X '!*.yaml' -- "$cur"; compgen -f -X '!*.yml' -- "$cur")) ;;
  esac
}

_rehearse() {
  _rehearse_words "$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}"
}

_rehearse_npx() {
  COMPREPLY=()
  [[ \${COMP_WORDS[1]} == dps-rehearsal && $COMP_CWORD -ge 2 && -x node_modules/.bin/dps-rehearsal ]] &&
    _rehearse_words node_modules/.bin/dps-rehearsal complete -- "\${COMP_WORDS[@]:2:COMP_CWORD-1}"
}

complete -F _rehearse rehearse dps-rehearsal
complete -p npx >/dev/null 2>&1 || complete -o default -F _rehearse_npx npx
`;
