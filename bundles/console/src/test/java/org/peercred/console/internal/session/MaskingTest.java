/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.CommandLoggingFilter;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class MaskingTest {

    private static final int LONG = 64 * 1024;

    /** As Karaf's jaas:user-add, with an option besides. */
    @SuppressWarnings("unused")
    private static final class UserAdd implements Action {

        @Option(name = "-k", aliases = "--key", censor = true)
        private String key;

        @Option(name = "-r")
        private String realm;

        @Option(name = "-f")
        private boolean force;

        @Argument(index = 0)
        private String name;

        @Argument(index = 1, censor = true)
        private String password;

        @Override
        public Object execute() {
            return null;
        }
    }

    /** Public, as Karaf's own kind of commands is. */
    public static final class ActionCommand implements Command {

        @Override
        public String getScope() {
            return "jaas";
        }

        @Override
        public String getName() {
            return "user-add";
        }

        @Override
        public String getDescription() {
            return "";
        }

        @Override
        public Completer getCompleter(boolean scoped) {
            return null;
        }

        @Override
        public Parser getParser() {
            return null;
        }

        @Override
        public Object execute(Session session, List<Object> arguments) {
            return null;
        }

        public Class<?> getActionClass() {
            return UserAdd.class;
        }
    }

    /** What a session knows by name. */
    private static final Map<String, Object> VARIABLES = Map.of(
            ".variables", Set.of("add-user", "twice", "again", "name", "indirect", "#computed", "number", "run"),
            "add-user", function("jaas:user-add $args"),
            "twice", function("echo a; add-user $args"),
            "again", function("again $args"),
            "name", "jaas:user-add",
            "indirect", function("eval $name $args"),
            "number", 5,
            "run", function("eval $args"));

    private final Session session = session();

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "jaas:user-add alice secret, jaas:user-add alice *****",
                "user-add alice secret, user-add alice *****",
                "user-add alice 'my secret', user-add alice *****",
                "user-add alice \"my ; secret\", user-add alice *****",
                "user-add alice my\\ secret, user-add alice *****",
                "user-add -f -r realm alice secret, user-add -f -r realm alice *****",
                "user-add -k secret alice, user-add -k ***** alice",
                "user-add --key=secret alice, user-add --key=***** alice",
                "user-add alice secret one-more, user-add alice ***** *****",
                "echo a; user-add alice secret; echo b, echo a; user-add alice *****; echo b",
                "echo a | user-add alice secret, echo a | user-add alice *****",
                "x = {user-add alice secret}, x = {user-add alice *****}",
                "user-add $(echo bob) secret, user-add $(echo bob) *****",
                "user-add (echo bob) secret, user-add (echo bob) *****",
                "user-add ${name} secret, user-add ${name} *****",
                "user-add $(echo a; echo b) secret, user-add $(echo a; echo b) *****",
                "user-add alice $(echo secret), user-add alice *****(***** *****)",
                "user-add alice (echo {secret}), user-add alice (***** {*****})",
                "user-add --key=$(echo secret) alice, user-add --key=*****(***** *****) alice",
                "user-add -k a$(echo b)secret alice, user-add -k *****(***** *****)***** alice",
                "echo $(user-add alice secret) b, echo $(user-add alice *****) b",
                "user-add alice) secret, user-add alice) *****",
                "\"jaas:user-add\" bob secret, \"jaas:user-add\" bob *****",
                "'user-add' bob secret, 'user-add' bob *****",
                "user\\-add bob secret, user\\-add bob *****",
                "user-add \\-k secret bob, user-add \\-k ***** bob",
                "user-add -k [my secret] alice, user-add -k [***** *****] alice",
                "user-add [alice bob] secret, user-add [***** *****] *****",
                "user-add alice [[my] [secret]], user-add alice [[*****] [*****]]",
                "user-add --key=[my secret] alice, user-add --key=*****[***** *****] alice",
                "jaas:user-add alice -S3cret, jaas:user-add alice *****",
                "user-add alice -k, user-add alice *****",
                "*:user-add alice secret, *:user-add alice *****",
                "JAAS:User-Add alice secret, JAAS:User-Add alice *****",
                "User-Add alice secret, User-Add alice *****",
                "user-add --pasword=secret alice, user-add --pasword=***** alice",
                "user-add --pasword secret alice, user-add --pasword ***** alice",
                "eval \"user-add\talice\tsecret\", eval *****",
                "user-add a[b secret, user-add a[b *****",
                "user-add a]b secret, user-add a]b *****",
                "echo [a b] c, echo [a b] c",
                "x = user-add alice secret, x = user-add alice *****",
                "x=user-add alice secret, x=user-add alice *****",
                "eval user-add alice secret, eval user-add alice *****",
                "eval 'user-add alice secret', eval *****",
                "echo \"$(user-add alice secret)\", echo *****",
                "echo \"a b\" c, echo \"a b\" c",
                "add-user alice secret, add-user ***** *****",
                "twice alice secret, twice ***** *****",
                "again alice secret, again alice secret",
                "computed alice secret, computed ***** *****",
                "$name alice secret, $name ***** *****",
                "${name} alice secret, ${name} ***** *****",
                "(echo user-add) alice secret, (echo user-add) ***** *****",
                "$(echo user-add) alice secret, $(echo user-add) ***** *****",
                "(echo a; echo user-add) alice secret, (echo a; echo user-add) ***** *****",
                "(echo a) method b, (echo a) method b",
                "indirect alice secret, indirect ***** *****",
                "\"$name\" alice secret, \"$name\" ***** *****",
                "\"${name}\" alice secret, \"${name}\" ***** *****",
                "eval $name alice secret, eval $name ***** *****",
                "eval add-user alice secret, eval add-user ***** *****",
                "(echo $name) alice secret, (echo $name) ***** *****",
                "x = add-user alice secret, x = add-user ***** *****",
                "x = user-add; $x alice secret; x = 1, x = user-add; $x ***** *****; x = 1",
                "x=user-add; $x alice secret; x=1, x=user-add; $x ***** *****; x=1",
                "x = user-add; eval $x alice secret; x = 1, x = user-add; eval $x ***** *****; x = 1",
                "x = add-user; $x alice secret; x = 1, x = add-user; $x ***** *****; x = 1",
                "x = $name; ${x} alice secret; x = 1, x = $name; ${x} ***** *****; x = 1",
                "x = {user-add $args}; x bob secret; x = 1, x = {user-add $args}; x ***** *****; x = 1",
                "x = {user-add $args}; eval x bob secret; x = 1, x = {user-add $args}; eval x ***** *****; x = 1",
                "x = user-add; (echo $x) bob secret; x = 1, x = user-add; (echo $x) ***** *****; x = 1",
                "x = user-add; (echo a; $x bob secret); x = 1, x = user-add; (echo a; $x ***** *****); x = 1",
                "x = user-add; y = {eval $x}; y bob secret; x = 1, x = user-add; y = {eval $x}; y ***** *****; x = 1",
                "each [1 2] {$x bob secret; x = user-add}; x = 1, each [1 2] {$x ***** *****; x = user-add}; x = 1",
                "each [user-add] {eval $it bob secret}, each [user-add] {eval $it ***** *****}",
                "user-add alice secret; x = 1; echo b c, user-add alice *****; x = 1; echo b c",
                "user-add \"=\" secret, user-add \"=\" *****",
                "add-user \"=\" secret, add-user ***** *****",
                "echo $computed by $computed, echo $computed by $computed",
                "x = 1; $x alice secret, x = 1; $x alice secret",
                "$.context getService a, $.context getService a",
                "eval ${name} alice secret, eval ${name} ***** *****",
                "eval ${x:-user-add} alice secret, eval ***** ***** *****",
                "eval ${x:-User-Add} alice secret, eval ***** ***** *****",
                "eval ${x:-${name}} alice secret, eval ***** ***** *****",
                "eval ${x:-user-add alice secret}, eval *****",
                "eval \"${x:-user-add} alice secret\", eval *****",
                "${x:-user-add} alice secret, |***** ***** *****|",
                "run ${x:-user-add} alice secret, run ***** ***** *****",
                "eval ${x/y/z} alice secret, eval ${x/y/z} ***** *****",
                "run ${x/y/z} alice secret, run ${x/y/z} ***** *****",
                "|*:eval ${x/y/z} alice secret|, |*:eval ${x/y/z} ***** *****|",
                "x = eval ${x/y/z} alice secret, x = eval ${x/y/z} ***** *****",
                "${x/y/z} alice secret, ${x/y/z} ***** *****",
                "x=${y:-a}-add alice secret, x=${y:-a}-add ***** *****",
                "eval user-$x alice secret, eval user-$x ***** *****",
                "eval $a$b alice secret, eval $a$b ***** *****",
                "eval $(echo user-)add alice secret, eval $(echo user-)add ***** *****",
                "eval (echo a) alice secret, eval (echo a) ***** *****",
                "|eval user-{add,x} alice secret|, |eval user-{add,x} ***** *****|",
                "eval user-ad* alice secret, eval user-ad* ***** *****",
                "eval $'\\x75\\x73' alice secret, eval $'\\x75\\x73' ***** *****",
                "each [us er] {eval $it alice secret}, each [us er] {eval $it ***** *****}",
                "$.session put x user-add; x alice secret; $.session put x 1, $.session ***** ***** *****; x ***** *****; $.session ***** ***** *****",
                "(session) put x {user-add $args}; x alice secret, (session) put ***** {***** *****}; x ***** *****",
                "(session) put (echo x) user-add; y alice secret, (session) ***** (***** *****) *****; y ***** *****",
                "eval feature:list -i x, eval feature:list -i x",
                "eval $number a b, eval $number a b",
                "run $number a b, run $number a b",
                "echo ${x:-default} b c, echo ${x:-default} b c",
                "echo ${number}% done, echo ${number}% done",
                "echo $a$b c, echo $a$b c",
                "echo $(date) b, echo $(date) b",
                "echo * ? b, echo * ? b",
                "bundle:list -t ${level:-0} x, bundle:list -t ${level:-0} x",
                "$.context getService ${x:-a} b, $.context getService ${x:-a} b",
                "x=$a$b; echo c d, x=$a$b; echo c d",
                "x=$number b c, x=$number b c",
                "echo alice secret, echo alice secret",
                "user-add alice, user-add alice"
            })
    void what_a_command_declares_a_secret_is_hidden(String typed, String kept) {
        Masking masking = new Masking(List.of());
        String masked = masking.mask(session, typed);
        assertEquals(kept, masked);
        assertEquals(kept, masking.mask(session, masked), "again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "'%s'", "\"%s\"", "\"\\\"%s\""})
    void a_secret_may_be_as_long_as_a_line(String form) {
        String typed = form.formatted("s".repeat(LONG));
        assertEquals("user-add alice *****", new Masking(List.of()).mask(session, "user-add alice " + typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\"%s\""})
    void a_secret_may_be_all_escapes(String form) {
        String typed = form.formatted("\\\"".repeat(LONG / 2));
        assertEquals("user-add alice *****", new Masking(List.of()).mask(session, "user-add alice " + typed));
    }

    @Test
    void a_command_goes_on_after_an_escaped_line_end() {
        Masking masking = new Masking(List.of());
        assertEquals("user-add alice \\\n*****", masking.mask(session, "user-add alice \\\nsecret"));
        assertEquals("user-add -k \\\n***** alice", masking.mask(session, "user-add -k \\\nsecret alice"));
        assertEquals("user-add alice *****", masking.mask(session, "user-add alice \"my\\\nsecret\""));
    }

    @Test
    void karafs_filters_hide_more() {
        CommandLoggingFilter filter = line -> line.toString().replace("geheim", "#");
        assertEquals("echo #", new Masking(List.of(filter)).mask(session, "echo geheim"));
    }

    @Test
    void nothing_is_kept_where_a_filter_fails() {
        CommandLoggingFilter filter = line -> {
            throw new IllegalStateException();
        };
        assertEquals("*****", new Masking(List.of(filter)).mask(session, "echo geheim"));
    }

    @Test
    void nothing_is_kept_where_a_filter_recurses_too_deep() {
        CommandLoggingFilter filter = line -> {
            throw new StackOverflowError();
        };
        assertEquals("*****", new Masking(List.of(filter)).mask(session, "echo geheim"));
    }

    static Session session() {
        return session(() -> VARIABLES);
    }

    static Session session(Supplier<Map<String, Object>> variables) {
        Registry registry = proxy(Registry.class, List.of(new ActionCommand()));
        return (Session) Proxy.newProxyInstance(
                MaskingTest.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getRegistry" -> registry;
                    case "get" -> variables.get().get((String) arguments[0]);
                    case "resolveCommand" -> arguments[0].equals("user-add") ? "jaas:user-add" : arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** As what is defined in braces. */
    private static Function function(String program) {
        return new Function() {
            @Override
            public Object execute(CommandSession session, List<Object> arguments) {
                throw new AssertionError("masking runs nothing");
            }

            @Override
            public String toString() {
                return program;
            }
        };
    }

    private static <T> T proxy(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer));
    }
}
