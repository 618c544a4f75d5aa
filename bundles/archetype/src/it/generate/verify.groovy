/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import groovy.xml.XmlSlurper
import java.util.jar.JarFile

def project = new File(basedir, 'greeter')

new JarFile(new File(project, 'target/greeter-2.3.4.jar')).withCloseable { jar ->
    def bundle = jar.manifest.mainAttributes
    assert bundle.getValue('Bundle-SymbolicName') == 'greeter'
    def components = bundle.getValue('Service-Component').split(',').collect { it.replaceAll('OSGI-INF/(.*)\\.xml', '$1') } as Set
    assert components == ['com.acme.greeter.BlockList', 'com.acme.greeter.TimeService', 'com.acme.greeter.UptimeCommand'] as Set
    def component = jar.getInputStream(jar.getEntry('OSGI-INF/com.acme.greeter.BlockList.xml')).text
    assert component.contains('configuration-pid="com.acme.greeter.blocklist"')
}

def ran = new File(project, 'target/surefire-reports').listFiles({ it.name.endsWith('.xml') } as FileFilter).collectEntries {
    def suite = new XmlSlurper().parse(it)
    assert suite.@failures == '0' && suite.@errors == '0' && suite.@skipped == '0'
    [suite.@name.text(), suite.@tests.toInteger()]
}
assert ran.keySet() == ['BlockListTest', 'TimeServiceOnASocketTest', 'TimeServiceTest', 'UptimeCommandTest'].collect { 'com.acme.greeter.' + it } as Set
assert ran.values().every { it > 0 }

project.eachFileRecurse {
    if (it.name ==~ /.*\.(java|xml|md)/ && !it.path.contains('/target/')) {
        assert !it.text.contains('org.example') && !(it.text =~ /\$\{(package|groupId|artifactId|version)}/) : it
    }
}
assert new File(project, 'README.md').text.contains('path = ${karaf.data}/time.sock')
