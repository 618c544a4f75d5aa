#!/usr/bin/env bash
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# Sends each line of standard input to the echo service and prints the reply: client.sh SOCKET
set -euo pipefail
export LC_ALL=C

# At the end of the input, socat ends its side, and waits for the replies so many seconds at most.
socat -t 60 STDIO UNIX-CONNECT:"${1:?expected: the path of a socket}" | while IFS= read -r reply; do
    case $reply in
        "> "*) printf '%s\n' "$reply" ;;
        # What does not begin with the service's prefix the listener itself has said, as its last word.
        *)
            printf 'refused: %s\n' "$reply" >&2
            exit 1
            ;;
    esac
done
