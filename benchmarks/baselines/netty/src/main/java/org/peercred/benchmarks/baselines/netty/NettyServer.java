/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks.baselines.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Netty's epoll transport the way its users write it: a line decoder, a handler, one flush per read, one event loop. */
public final class NettyServer {
    private static final int BACKLOG = 4096;
    private static final int MAX_LINE = 65536;
    private static final byte[] PREFIX = "> ".getBytes(US_ASCII);
    private static final byte[] DENIED = "Unauthorized access\n".getBytes(US_ASCII);
    private static final byte[] TOO_LONG = "Line too long\n".getBytes(US_ASCII);

    private NettyServer() {}

    /**
     * Serves until the process is ended.
     *
     * @param arguments the path of the socket
     * @throws Exception when the socket cannot be opened
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            throw new IOException("one argument is needed: the path of the socket");
        }
        Path path = Path.of(arguments[0]);
        Files.deleteIfExists(path);
        EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
        ServerBootstrap server = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new Welcome(path));
        Channel channel =
                server.bind(new DomainSocketAddress(path.toFile())).sync().channel();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> path.toFile().delete()));
        channel.closeFuture().sync();
    }

    private static final class Welcome extends ChannelInitializer<EpollDomainSocketChannel> {
        private final Path path;
        private int daemon = -1;

        private Welcome(Path path) {
            this.path = path;
        }

        @Override
        protected void initChannel(EpollDomainSocketChannel channel) throws IOException {
            if (daemon == -1) {
                // the file belongs to whoever runs this program
                daemon = (Integer) Files.getAttribute(path, "unix:uid");
            }
            if (channel.peerCredentials().uid() == daemon) {
                channel.pipeline().addLast(new LineBasedFrameDecoder(MAX_LINE, false, true), new Echo());
            } else {
                channel.pipeline().addLast(new Refuse());
            }
        }
    }

    @SuppressWarnings(
            "FutureReturnValueIgnored") // a write or a close that fails ends the channel, and that is all there is to
    // do
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf line = (ByteBuf) message;
            ByteBuf reply = context.alloc().ioBuffer(PREFIX.length + line.readableBytes());
            reply.writeBytes(PREFIX).writeBytes(line);
            line.release();
            context.write(reply, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(context.channel().isWritable());
            context.fireChannelWritabilityChanged();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof TooLongFrameException) {
                context.writeAndFlush(Unpooled.wrappedBuffer(TOO_LONG)).addListener(sent -> context.close());
            } else {
                context.close();
            }
        }
    }

    /** Refused data is read and forgotten: a close with input unread would reset the peer instead of ending its stream. */
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private static final class Refuse extends ChannelInboundHandlerAdapter {
        private Future<?> deadline;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            EpollDomainSocketChannel channel = (EpollDomainSocketChannel) context.channel();
            context.writeAndFlush(Unpooled.wrappedBuffer(DENIED)).addListener(sent -> channel.shutdownOutput());
            deadline = channel.eventLoop().schedule(() -> channel.close(), 1, TimeUnit.SECONDS);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            deadline.cancel(false);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
