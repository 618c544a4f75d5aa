/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Kinds of {@link Key}. */
public final class Keys {

    private Keys() {}

    /**
     * A text without blanks around it; a blank one means the default.
     *
     * @param name the key's name
     * @param initial the default
     * @return the key
     */
    public static Key<String> text(String name, String initial) {
        return new Key<>(name, Key.Type.TEXT, initial, "", List.of(), config -> config.word(name, initial));
    }

    /**
     * A text that counts as it is, blanks and emptiness included.
     *
     * @param name the key's name
     * @param initial the default
     * @return the key
     */
    public static Key<String> verbatim(String name, String initial) {
        return new Key<>(name, Key.Type.TEXT, initial, "", List.of(), config -> config.text(name)
                .orElse(initial));
    }

    /**
     * A text that counts as it is, blanks at its ends included; a blank one means the default.
     *
     * @param name the key's name
     * @param initial the default
     * @return the key
     */
    public static Key<String> line(String name, String initial) {
        return verbatim(name, initial).as(text -> text.isBlank() ? initial : text);
    }

    /**
     * One of two words.
     *
     * @param name the key's name
     * @param initial the default
     * @param other what else may be written
     * @return the key, whose value is true for the other one
     */
    public static Key<Boolean> choice(String name, String initial, String other) {
        List<String> words = List.of(initial, other);
        return new Key<>(name, Key.Type.TEXT, initial, "", words, config -> config.oneOf(name, initial, words)
                .equals(other));
    }

    /**
     * One of two words, which may not be left empty, since that changes what is meant: a variable that is not set leaves nothing.
     *
     * @param name the key's name
     * @param initial what counts where the key is not there
     * @param other what else may be written
     * @return the key, whose value is true for the other one
     */
    public static Key<Boolean> completeChoice(String name, String initial, String other) {
        Key<Boolean> choice = choice(name, initial, other);
        return new Key<>(name, choice.type(), initial, "", choice.choices(), config -> {
            if (config.text(name).filter(String::isBlank).isPresent()) {
                throw config.invalid(name, "", "it must be " + String.join(" or ", choice.choices()));
            }
            return choice.in(config);
        });
    }

    /**
     * A truth value.
     *
     * @param name the key's name
     * @param initial the default
     * @return the key
     */
    public static Key<Boolean> flag(String name, boolean initial) {
        return new Key<>(name, Key.Type.FLAG, Boolean.toString(initial), "", List.of(), config -> config.oneOf(
                        name, Boolean.toString(initial), List.of("true", "false"))
                .equals("true"));
    }

    /**
     * A whole number.
     *
     * @param name the key's name
     * @param initial the default
     * @param minimum the least allowed
     * @param maximum the greatest allowed
     * @return the key
     */
    public static Key<Integer> number(String name, int initial, int minimum, int maximum) {
        String range = minimum + " to " + maximum;
        return text(name, Integer.toString(initial)).as(Key.Type.NUMBER, range, value -> {
            try {
                int number = Integer.parseInt(value);
                if (number >= minimum && number <= maximum) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // explained below, like a number out of range
            }
            throw new UnusableValueException("it must be a whole number from " + range);
        });
    }

    /**
     * A number of bytes.
     *
     * @param name the key's name
     * @param initial the default, as it would be written; nothing for a key that will be {@link Key#optional optional}
     * @param minimum the least allowed, in bytes
     * @param maximum the greatest allowed, in bytes
     * @return the key, whose value is in bytes
     */
    public static Key<Long> size(String name, String initial, long minimum, long maximum) {
        return size(name, initial, minimum, minimum, maximum, Units.size(minimum) + " to " + Units.size(maximum));
    }

    /**
     * A number of bytes, or 0, which stands for something of its own.
     *
     * @param name the key's name
     * @param initial the default, as it would be written
     * @param zero what 0 stands for, in a word or two
     * @param minimum the least allowed otherwise, in bytes
     * @param maximum the greatest allowed, in bytes
     * @return the key, whose value is in bytes
     */
    public static Key<Long> sizeOrZero(String name, String initial, String zero, long minimum, long maximum) {
        String others = minimum > 1 ? " or " + Units.size(minimum) : "";
        return size(name, initial, 0, minimum, maximum, "0 (" + zero + ")" + others + " to " + Units.size(maximum));
    }

    private static Key<Long> size(String name, String initial, long also, long minimum, long maximum, String range) {
        return text(name, initial).as(Key.Type.SIZE, range, value -> {
            long bytes = Units.size(value).orElse(-1);
            if (bytes == also || (bytes >= minimum && bytes <= maximum)) {
                return bytes;
            }
            throw new UnusableValueException("it must be a size, " + range + ", for instance 64 KiB");
        });
    }

    /**
     * A duration, or 0, which stands for something of its own.
     *
     * @param name the key's name
     * @param initial the default, as it would be written
     * @param zero what 0 stands for, in a word or two
     * @param days the greatest allowed, in days
     * @return the key
     */
    public static Key<Duration> duration(String name, String initial, String zero, int days) {
        String range = "0 (" + zero + ") to " + days + " d";
        return text(name, initial).as(Key.Type.DURATION, range, value -> Units.duration(value)
                .filter(duration -> duration.compareTo(Duration.ofDays(days)) <= 0)
                .orElseThrow(() -> new UnusableValueException(
                        "it must be a duration, " + range + ", in ms, s, min, h or d, for instance 30 s")));
    }

    /**
     * Texts separated by commas; blanks around them do not count, nor do empty ones.
     *
     * @param name the key's name
     * @param initial what counts where the key is not there
     * @return the key
     */
    public static Key<List<String>> list(String name, String... initial) {
        List<String> otherwise = List.of(initial);
        return new Key<>(
                name, Key.Type.LIST, String.join(",", initial), "", List.of(), config -> config.list(name, otherwise));
    }

    /**
     * Texts separated by commas, of which none may be missing, since that changes what is meant: a variable that is not set leaves
     * nothing.
     *
     * @param name the key's name
     * @param initial what counts where the key is not there, or a form was saved that has nothing in it
     * @return the key
     */
    public static Key<List<String>> completeList(String name, String... initial) {
        List<String> otherwise = List.of(initial);
        return new Key<>(name, Key.Type.LIST, String.join(",", initial), "", List.of(), config -> {
            List<String> entries = config.completeList(name);
            return entries.isEmpty() ? otherwise : entries;
        });
    }

    /**
     * The same key, for what the entries of its list mean.
     *
     * @param list the key
     * @param meaning tells it of one
     * @return another key of that name, whose value has no entry that means nothing
     */
    public static <E> Key<List<E>> each(Key<List<String>> list, Key.Meaning<String, E> meaning) {
        return new Key<>(list.name(), list.type(), list.initial(), list.range(), list.choices(), config -> {
            List<E> entries = new ArrayList<>();
            Problems problems = new Problems();
            for (String entry : list.in(config)) {
                problems.check(() -> {
                    try {
                        entries.add(meaning.of(entry));
                    } catch (UnusableValueException e) {
                        throw config.invalid(list.name(), entry, e.getMessage());
                    }
                });
            }
            problems.end();
            return List.copyOf(entries);
        });
    }
}
