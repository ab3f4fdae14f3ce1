# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Choosing cases. In: words, tier, fabric, part, wanted (tests/vm/run's options).
# Out: case_names, case_fabrics, case_tiers, case_limits, one entry per case and fabric.

# LUNAR_CASES: another directory of cases (the harness tests itself with one).
cases_dir=${LUNAR_CASES:-$top/tests/vm/cases}
case_names=() case_fabrics=() case_tiers=() case_limits=() case_texts=()

# case_header FILE: tier, seconds and fabrics in one line, the description in a second.
case_header() {
  (
    DESCRIPTION='' TIER=quick SECONDS_MAX=60 FABRICS=lunar
    # shellcheck disable=SC1090
    . "$1" >/dev/null
    [ -n "$DESCRIPTION" ] && declare -F run >/dev/null || exit 1
    printf '%s\t%s\t%s\t%s\n' "$TIER" "$SECONDS_MAX" "$FABRICS" "$DESCRIPTION"
  )
}

# chosen NAME FILE TIER DESCRIPTION
chosen() {
  local name=$1 file=$2 word
  case $tier in
    all) [ "$3" != live ] || return 1 ;;
    *) [ "$3" = "$tier" ] || return 1 ;;
  esac
  if ((${#wanted[@]})); then
    for word in "${wanted[@]}"; do
      [[ $name == "${word%/}" || $name == "${word%/}"/* ]] && return 0
    done
    return 1
  fi
  ((${#words[@]})) || return 0
  for word in "${words[@]}"; do
    [[ "$name $4" == *"$word"* ]] && return 0
    grep -qF -- "$word" "$file" && return 0
  done
  return 1
}

select_cases() {
  local file name its_tier seconds fabrics text f n=0
  for file in "$cases_dir"/*/[0-9]*/case; do
    [ -e "$file" ] || continue
    name=${file#"$cases_dir"/}
    name=${name%/case}
    IFS=$'\t' read -r its_tier seconds fabrics text < <(case_header "$file") ||
      die "$name: a case needs DESCRIPTION and run() (tests/vm/README.md)"
    chosen "$name" "$file" "$its_tier" "$text" || continue
    for f in ${fabric:-$fabrics}; do
      n=$((n + 1))
      ((n % ${part#*/} == ${part%/*} % ${part#*/})) || continue
      case_names+=("$name")
      case_fabrics+=("$f")
      case_tiers+=("$its_tier")
      case_limits+=("$seconds")
      case_texts+=("$text")
    done
  done
}

list_cases() {
  local i
  for i in "${!case_names[@]}"; do
    printf '%-44s %-5s %-5s %4s s  %s\n' "${case_names[i]}" "${case_fabrics[i]}" "${case_tiers[i]}" "${case_limits[i]}" "${case_texts[i]}"
  done
}

# case_label INDEX: as printed and counted; the default fabric isn't named.
case_label() {
  local label="$kernel ${case_names[$1]}"
  [ "${case_fabrics[$1]}" = lunar ] || label+="@${case_fabrics[$1]}"
  printf '%s' "$label"
}

# case_command INDEX: the exact command to repeat it.
case_command() {
  printf 'tests/vm/run --kernel %s --fabric %s %s' "$kernel" "${case_fabrics[$1]}" "${case_names[$1]}"
}
