/** The completion script for zsh: a file of the fpath, or a file to source after \`compinit\`. */
export const zshScript = `#compdef rehearse dps-rehearsal
# zsh completion of rehearse. Save it as _rehearse in a folder of $fpath, or source it after compinit.

_rehearse_words() {
  local line kind=none
  local -a found
  while IFS= read -r line; do
    case $line in
      :*) kind=\${line#:} ;;
      *) found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done < <("$@" 2>/dev/null)
  (( $#found )) && _describe -V value found
  [[ $kind == none ]] && return
  [[ $PREFIX == -*=* ]] && compset -P '*='
  compset -P '*:'
  case $kind in
    files) _files ;;
    folders) _files -/ ;;
    yaml) _files -g '*.(yaml|yml)' ;;
  esac
}

_rehearse() {
  _rehearse_words "\${words[1]}" complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}"
}

_rehearse_npx() {
  if [[ \${words[2]} == dps-rehearsal && $CURRENT -ge 3 && -x node_modules/.bin/dps-rehearsal ]]; then
    _rehearse_words node_modules/.bin/dps-rehearsal complete -- "\${(@Q)words[3,CURRENT-1]}" "\${(Q)PREFIX}"
  else
    _default
  fi
}

if [[ \${funcstack[1]} == _rehearse ]]; then
  _rehearse "$@"
else
  compdef _rehearse rehearse dps-rehearsal
  (( \${+_comps[npx]} )) || compdef _rehearse_npx npx
fi
`;
