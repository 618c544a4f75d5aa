/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.jmx;

import java.util.Arrays;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.NotificationEmitter;
import javax.management.StandardEmitterMBean;

/** An MXBean that says of each attribute what it is, by {@link Description} of its interface. */
public final class DescribedBean extends StandardEmitterMBean {

    private final Class<?> face;

    /**
     * Makes one.
     *
     * @param <T> the interface
     * @param bean what implements it
     * @param face the interface of the MXBean; it and each getter has a {@link Description}
     * @param emitter sends its notifications
     */
    public <T> DescribedBean(T bean, Class<T> face, NotificationEmitter emitter) {
        super(bean, face, true, emitter);
        this.face = face;
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return face.getAnnotation(Description.class).value();
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        String getter = (info.isIs() ? "is" : "get") + info.getName();
        return Arrays.stream(face.getMethods())
                .filter(method -> method.getName().equals(getter))
                .map(method -> method.getAnnotation(Description.class).value())
                .findFirst()
                .orElseThrow();
    }
}
