/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A web application whose web.xml says which role may see what, and that users log in with a password of Karaf's. */
final class GuardedWar {

    private static final String WEB_XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="4.0">
                <servlet>
                    <servlet-name>guarded</servlet-name>
                    <servlet-class>%s</servlet-class>
                    <security-role-ref>
                        <role-name>reader</role-name>
                        <role-link>viewer</role-link>
                    </security-role-ref>
                </servlet>
                <servlet-mapping>
                    <servlet-name>guarded</servlet-name>
                    <url-pattern>/*</url-pattern>
                </servlet-mapping>
                <security-constraint>
                    <web-resource-collection>
                        <web-resource-name>viewers</web-resource-name>
                        <url-pattern>/viewer/*</url-pattern>
                    </web-resource-collection>
                    <auth-constraint>
                        <role-name>viewer</role-name>
                    </auth-constraint>
                </security-constraint>
                <security-constraint>
                    <web-resource-collection>
                        <web-resource-name>auditors</web-resource-name>
                        <url-pattern>/auditor/*</url-pattern>
                    </web-resource-collection>
                    <auth-constraint>
                        <role-name>auditor</role-name>
                    </auth-constraint>
                </security-constraint>
                <security-constraint>
                    <web-resource-collection>
                        <web-resource-name>sealed</web-resource-name>
                        <url-pattern>/sealed/*</url-pattern>
                    </web-resource-collection>
                    <user-data-constraint>
                        <transport-guarantee>CONFIDENTIAL</transport-guarantee>
                    </user-data-constraint>
                </security-constraint>
                <login-config>
                    <auth-method>BASIC</auth-method>
                    <realm-name>karaf</realm-name>
                </login-config>
                <security-role>
                    <role-name>viewer</role-name>
                </security-role>
                <security-role>
                    <role-name>auditor</role-name>
                </security-role>
            </web-app>
            """;

    private GuardedWar() {}

    /**
     * A bundle that the container serves below a path.
     *
     * @param path with a slash before it
     */
    static InputStream at(String path) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        Map.of(
                        "Bundle-ManifestVersion", "2",
                        "Bundle-SymbolicName", "guarded" + path.replace('/', '.'),
                        "Bundle-ClassPath", "WEB-INF/classes",
                        "Web-ContextPath", path,
                        "Import-Package", "javax.servlet,javax.servlet.http")
                .forEach(attributes::putValue);
        String type = Guarded.class.getName();
        String file = type.replace('.', '/') + ".class";
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(archive, manifest);
                InputStream code = Guarded.class.getResourceAsStream("/" + file)) {
            jar.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
            jar.write(WEB_XML.formatted(type).getBytes(UTF_8));
            // Without an entry for the directory the framework does not find it.
            jar.putNextEntry(new ZipEntry("WEB-INF/classes/"));
            jar.putNextEntry(new ZipEntry("WEB-INF/classes/" + file));
            code.transferTo(jar);
        }
        return new ByteArrayInputStream(archive.toByteArray());
    }
}
