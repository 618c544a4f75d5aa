/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import org.peercred.common.text.ForeignText;

/** A command that cannot do, or does not answer, what was asked; the message is one sentence for whoever typed it. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param sentence a whole sentence; what it quotes of others is escaped here
     */
    public Refusal(String sentence) {
        super(ForeignText.escape(sentence));
    }
}
