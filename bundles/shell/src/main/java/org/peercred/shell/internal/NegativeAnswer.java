/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import org.peercred.common.text.ForeignText;

/** The answer to what was asked is no: a failure for a script, though the command did its work. */
final class NegativeAnswer extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param sentence a whole sentence; what it quotes of others is escaped here
     */
    NegativeAnswer(String sentence) {
        super(ForeignText.escape(sentence));
    }
}
