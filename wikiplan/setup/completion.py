"""Completion for shells: the commands, their words and options, and files where these take one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from string import Template

from wikiplan.value import Value


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


class Completed(Value):
    """What can follow a command: each word or option, an option with its colon, and what it says.

    ``paths`` are the options whose value is a file or a folder, with the colon.
    """

    name: str
    about: str
    words: Mapping[str, str]
    paths: tuple[str, ...]


def script(shell: Shell, commands: Sequence[Completed]) -> str:
    """Return what a shell reads to complete ``wikiplan`` and the scripts of its commands."""
    return _SCRIPTS[shell](commands)


def _quoted(text: str) -> str:
    """Quote for each of these shells: a quote ends, stands alone, and begins again."""
    return "'" + text.replace("'", "'\\''") + "'"


# Bash. A colon ends a word there: of “-data:pl” the word to complete is “pl”, and “-data” stands
# before the colon.


_BASH = Template("""\
# Completion of wikiplan for bash
_wikiplan() {
    local command current="$${COMP_WORDS[COMP_CWORD]}" words="" paths="" option=""
    if [[ $$1 == wikiplan && $$COMP_CWORD -eq 1 ]]; then
        COMPREPLY=($$(compgen -W "$commands" -- "$$current"))
        return
    fi
    command=$${COMP_WORDS[1]}
    [[ $$1 == plan_* ]] && command=$${1#plan_}
    case $$command in
$cases
    esac
    if [[ $$current == : ]]; then
        option=$${COMP_WORDS[COMP_CWORD-1]} current=""
    elif [[ $$COMP_CWORD -ge 2 && $${COMP_WORDS[COMP_CWORD-1]} == : ]]; then
        option=$${COMP_WORDS[COMP_CWORD-2]}
    fi
    if [[ -n $$option ]]; then
        COMPREPLY=()
        if [[ " $$paths " == *" $$option: "* ]]; then
            compopt -o filenames 2>/dev/null
            COMPREPLY=($$(compgen -f -- "$$current"))
        fi
        return
    fi
    COMPREPLY=($$(compgen -W "$$words" -- "$$current"))
    [[ $${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null
}
complete -F _wikiplan wikiplan $scripts
""")


def _bash(commands: Sequence[Completed]) -> str:
    cases = "\n".join(
        f'        {each.name}) words="{" ".join(each.words)}" paths="{" ".join(each.paths)}" ;;'
        for each in commands
    )
    names = [each.name for each in commands]
    scripts = " ".join(f"plan_{name}" for name in names)
    return _BASH.substitute(commands=" ".join(names), cases=cases, scripts=scripts)


# Zsh describes each choice; what ends in a colon gets no space behind it.


_ZSH = Template("""\
#compdef wikiplan $scripts
# Completion of wikiplan for zsh
_wikiplan() {
    local command=$${service#plan_}
    local -a commands values options
    if [[ $$service == wikiplan ]]; then
        if (( CURRENT == 2 )); then
            commands=(
$commands
            )
            _describe command commands
            return
        fi
        command=$$words[2]
    fi
    case $$command in
$cases
    esac
    if [[ $$PREFIX == -*:* ]]; then
        if (( $${paths[(Ie)$${PREFIX%%:*}:]} )); then
            compset -P '*:'
            _files
        fi
        return
    fi
    _describe word values
    _describe option options -S ''
}
_wikiplan "$$@"
""")


def _zsh(commands: Sequence[Completed]) -> str:
    scripts = " ".join(f"plan_{each.name}" for each in commands)
    named = "\n".join(f"                {_described(each.name, each.about)}" for each in commands)
    return _ZSH.substitute(scripts=scripts, commands=named, cases="\n".join(map(_case, commands)))


def _case(each: Completed) -> str:
    found = each.words.items()
    plain = " ".join(_described(word, told) for word, told in found if not word.endswith(":"))
    taking = " ".join(_described(word, told) for word, told in found if word.endswith(":"))
    paths = " ".join(map(_quoted, each.paths))
    return (
        f"        {each.name})\n            values=({plain})\n            options=({taking})\n"
        f"            local -a paths=({paths}) ;;"
    )


def _described(word: str, about: str) -> str:
    return _quoted(f"{word.replace(':', chr(92) + ':')}:{about}")


# Fish has a line for each choice.


_FISH = """\
# Completion of wikiplan for fish
function __wikiplan_paths
    set -l token (commandline -ct)
    string match -q -- "$argv[1]*" $token; or return
    set -l path (string replace -- $argv[1] '' $token)
    __fish_complete_path $path | string replace -r -- '^' $argv[1]
end
complete -c wikiplan -f
"""


def _fish(commands: Sequence[Completed]) -> str:
    return _FISH + "\n".join(_fish_lines(commands)) + "\n"


def _fish_lines(commands: Sequence[Completed]) -> Iterator[str]:
    for each in commands:
        about = _quoted(each.about)
        yield f"complete -c wikiplan -n __fish_use_subcommand -a {each.name} -d {about}"
        here = f"-c wikiplan -n '__fish_seen_subcommand_from {each.name}'"
        for place in (here, f"-c plan_{each.name}"):
            for word, told in each.words.items():
                yield f"complete {place} -f -a {_quoted(word)} -d {_quoted(told)}"
            for option in each.paths:
                yield f"complete {place} -f -a '(__wikiplan_paths {option})'"


_SCRIPTS: Mapping[Shell, Callable[[Sequence[Completed]], str]] = {
    Shell.BASH: _bash,
    Shell.ZSH: _zsh,
    Shell.FISH: _fish,
}
