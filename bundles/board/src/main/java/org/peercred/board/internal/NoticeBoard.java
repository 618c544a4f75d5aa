/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.board.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.peercred.common.text.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One text, kept in a file. The file always holds the whole of the old text or the whole of the new one, whenever the process
 * or the machine ends. Safe to be used by any thread.
 */
@Component(name = "org.peercred.board", configurationPolicy = ConfigurationPolicy.IGNORE, service = NoticeBoard.class)
public final class NoticeBoard {

    /** The most that the text may be, in bytes of UTF-8. */
    static final int LONGEST = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(NoticeBoard.class);

    private final Path file;
    private volatile String text;

    /**
     * @param context the bundle's: its data area outlives restarts and updates of the bundle
     */
    @Activate
    public NoticeBoard(BundleContext context) {
        this(context.getDataFile("notice.txt").toPath());
    }

    /**
     * Reads what was kept.
     *
     * @param file where the text is kept; need not be there
     */
    NoticeBoard(Path file) {
        this.file = file;
        this.text = read(file);
    }

    /** The text, empty if none was ever put up. */
    Optional<String> text() {
        return Optional.of(text).filter(present -> !present.isEmpty());
    }

    /**
     * Replaces the text. When this returns it will be there after a crash too.
     *
     * @param newText the text, at most {@link #LONGEST} bytes
     * @throws IOException if it could not be written: the old text stays
     */
    synchronized void put(String newText) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(newText);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // The new name is kept by the directory.
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
        text = newText;
    }

    private static String read(Path file) {
        try {
            if (!Files.exists(file)) {
                return "";
            }
            if (Files.size(file) > LONGEST) {
                LOG.warn("The notice board is empty: {} is longer than {} bytes.", file, LONGEST);
                return "";
            }
            return ForeignText.replace(Files.readString(file));
        } catch (IOException e) {
            LOG.warn("The notice board is empty: {} cannot be read ({}).", file, e.toString());
            return "";
        }
    }
}
