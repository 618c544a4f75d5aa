/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * One rule about who may do what. Publish an implementation as a service and it takes part in every decision that it covers
 * from then on.
 *
 * <p>{@link #evaluate} is called by event loops, several at once, and by whatever thread has a decision explained: it must not
 * block and should not allocate. The other methods are called by the thread that makes a change, after each one, and not for a
 * decision. A policy that throws or returns {@code null} denies: everything, where it cannot tell what it covers. A policy whose
 * rules changed tells it with {@link AccessControl#reconsider()}, unless its service was registered, modified or unregistered,
 * which is noticed anyway; until then, decisions rest on what it said last of its scope.
 */
@ConsumerType
public interface AccessPolicy {

    /**
     * The policy's id: its kind, and the instance where there can be several, as in {@code uid~team}. Constant in each view,
     * and unique among the policies of the container.
     *
     * @return the id
     */
    String id();

    /**
     * An immutable view of the policy as it is now. One is taken after each change, and asked for scope, status and all verdicts
     * until the next; so a policy whose scope and rules change together returns a new view after each change, and rules and scope
     * come into force together. A policy that never changes, or that looks at something else for each verdict, need not override
     * this.
     *
     * @return the view
     */
    default AccessPolicy snapshot() {
        return this;
    }

    /**
     * Which requests this policy covers. It is not asked about others.
     *
     * @return the scope
     */
    PolicyScope scope();

    /**
     * Says what this policy thinks of a request that it covers.
     *
     * @param request the request
     * @return the verdict
     */
    Verdict evaluate(AccessRequest request);

    /**
     * Whether this policy works with the configuration it was given.
     *
     * @return the status
     */
    default PolicyStatus status() {
        return PolicyStatus.ACTIVE;
    }

    /**
     * Is given whom to tell when the rules changed while the service did not: this policy is looked at again then, and all
     * connections are decided again, before the call returns. Called once the policy takes part in decisions, and again with
     * something that does nothing once it does not; the newest counts. A policy that does not change by itself need not override
     * this. One that throws here denies everything.
     *
     * @param changed to be run after each change, by any thread but an event loop's, and without a lock that a policy or a {@link
     *     PolicyListener} could want. Where nobody could be told, for want of memory, it throws, and everything is refused until
     *     that is made up for
     */
    default void onChange(Runnable changed) {}
}
