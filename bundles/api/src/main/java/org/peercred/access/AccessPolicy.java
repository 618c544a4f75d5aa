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
 * <p>Methods are called by event loops, several at once: they must not block and should not allocate. A policy that throws or
 * returns {@code null} denies. A policy whose rules changed tells it with {@link AccessControl#reconsider()}, unless its
 * service was registered, modified or unregistered, which is noticed anyway.
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
     * An immutable view of the policy as it is now. A decision takes one view and asks that one for scope and verdict, so a
     * policy whose scope and rules change together returns a new view after each change. A policy that never changes needs
     * not override this.
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
}
