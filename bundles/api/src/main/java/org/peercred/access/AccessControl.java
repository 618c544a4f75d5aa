/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes decisions of the policies that are there.
 *
 * <p>All methods may be called by several threads at once. {@link #decide} never blocks.
 */
@ProviderType
public interface AccessControl {

    /**
     * Decides. Refused, with the reason, are also: whatever a policy fails to answer; a peer whose uid is {@link
     * org.peercred.credentials.Peer#NO_PEER}; every connect while a required policy is missing, rejected or does not cover it;
     * every request that no policy covers.
     *
     * @param request what is asked; facts that policies need are read from its peer on the calling thread
     * @return the decision
     */
    Decision decide(AccessRequest request);

    /**
     * Decides, and tells what every policy said. Facts are read as for {@link #decide}.
     *
     * @param request what is asked
     * @return the decision with all verdicts
     */
    Explanation explain(AccessRequest request);

    /**
     * A number that grows whenever a decision may have changed.
     *
     * @return 0 or greater
     */
    long generation();

    /**
     * The policies that are there.
     *
     * @return one entry a policy, by id
     */
    List<PolicyReport> policies();

    /**
     * To be called by a policy whose rules changed while its service did not: all connections are decided again. All policies are
     * looked at, and {@link PolicyListener}s told, on the calling thread; no lock may be held that one of them could want.
     */
    void reconsider();
}
