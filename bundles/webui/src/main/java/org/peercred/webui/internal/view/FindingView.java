/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.Map;
import org.peercred.access.Finding;
import org.peercred.common.json.Json;

/** Something amiss as the page is told of it. */
public final class FindingView {

    private FindingView() {}

    /**
     * What is told.
     *
     * @param finding what is amiss
     * @return for {@link Json}
     */
    public static Map<String, Object> of(Finding finding) {
        return Json.object(
                "area", Names.of(finding.area()),
                "subject", finding.subject(),
                "problem", finding.problem(),
                "remedy", finding.remedy());
    }
}
