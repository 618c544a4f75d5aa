/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.util.List;
import org.peercred.common.text.ForeignText;

/**
 * A configuration that cannot be used. The message is one sentence that names the file, the key and
 * the value, or several of them where several things are wrong.
 */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> sentences;

    /**
     * Creates the exception.
     *
     * @param message one sentence, or several; what cannot be seen in it is escaped: it quotes files, and is shown
     */
    public ConfigException(String message) {
        this(List.of(message));
    }

    /**
     * Creates the exception.
     *
     * @param sentences whole sentences, at least one; escaped likewise
     */
    public ConfigException(List<String> sentences) {
        super(ForeignText.escape(String.join(" ", sentences)));
        this.sentences = sentences.stream().map(ForeignText::escape).toList();
    }

    /**
     * What is wrong, one thing after the other.
     *
     * @return whole sentences, of which the message is made
     */
    public List<String> sentences() {
        return sentences;
    }
}
