# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Completes the command lines of Kansoku's programs with what they themselves answer to --help.

_kansoku() {
  local program=$1 current=$2 previous=$3 word help option words=""
  local subcommands=()
  help=$("$program" --help 2> /dev/null) || return
  # A word that the last answer lists as a subcommand leads to the next answer.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word =~ ^[a-z]+$ ]] && sed -n '/^Subcommands:/,$p' <<< "$help" | grep -q "^  $word\( \|$\)"; then
      subcommands+=("$word")
      help=$("$program" "${subcommands[@]}" --help 2> /dev/null) || return
    fi
  done

  option=""
  [[ $previous == --* ]] && option=$(grep -E -- "^  (-.,)?$previous " <<< "$help")
  if [[ $option =~ \{([^}]*)\} ]]; then
    words=${BASH_REMATCH[1]//,/ }
  elif [[ $option =~ --[a-z-]+\ [A-Z]{2} ]]; then
    words=""  # a value that only who types it knows, or a file, which bash completes itself
  elif [[ $current == -* ]]; then
    words=$(grep -oE -- '^  (-.,)?--[a-z-]+' <<< "$help" | grep -oE -- '--.*')
  else
    words=$(sed -n '/^Subcommands:/,/^[^ ]*$/s/^  \([a-z]\{1,\}\)\( .*\|$\)/\1/p' <<< "$help")
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -o bashdefault -o default -F _kansoku kansoku-collector kansoku-aggregator kansokuctl
