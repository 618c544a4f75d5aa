/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import java.util.List;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.peercred.access.Finding;
import org.peercred.common.inspect.Findings;
import org.peercred.common.inspect.Services;
import org.peercred.common.text.ForeignText;

/**
 * A health check of Apache Felix with the tag {@code peercred}: what {@code peercred:doctor} finds. Where Felix' health checks are not
 * installed, nobody asks for this, and the class is never loaded. May be executed by any thread.
 */
@Component(
        service = HealthCheck.class,
        property = {HealthCheck.NAME + "=Peercred", HealthCheck.TAGS + "=peercred"})
public final class FindingsHealthCheck implements HealthCheck {

    private final BundleContext context;

    /** Has looked at nothing yet. */
    @Activate
    public FindingsHealthCheck(BundleContext context) {
        this.context = context;
    }

    /**
     * Looks.
     *
     * @return OK if nothing is amiss, else WARN, with a line for each finding
     */
    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        try (Services services = new Services(context)) {
            List<Finding> findings = Findings.all(services);
            findings.forEach(finding ->
                    log.warn("{} {}", ForeignText.escape(finding.problem()), ForeignText.escape(finding.remedy())));
            if (findings.isEmpty()) {
                log.info("Nothing found.");
            }
        }
        return new Result(log);
    }
}
