#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of soak.py: what it takes for growth, and what it does when somebody is answered wrongly. No container is started."""

import random
import threading
import unittest
import xml.etree.ElementTree

import soak_load
import soak_report
from soak_report import Sample


def samples(grows=0.0, leak=0):
    """Half an hour, with the noise of a machine at work, and a peak; grows: MiB an hour, leak: descriptors an hour."""
    noise = random.Random(1)
    found = []
    for second in range(0, 1800, 2):
        memory = 160 + noise.uniform(-3, 3) + grows * second / 3600 + (40 if 900 < second < 940 else 0) - (30 if second < 300 else 0)
        found.append(Sample(second, memory, 67 + noise.randint(-1, 1), 100 + noise.randint(-5, 5) + leak * second // 3600))
    return found


class ReportTest(unittest.TestCase):
    def test_noise_a_peak_and_a_warm_up_are_no_growth(self):
        self.assertTrue(all(row[-1] for row in soak_report.verdicts(samples())))

    def test_what_grows_is_told_with_how_much(self):
        rows = soak_report.verdicts(samples(grows=20.0, leak=30))
        self.assertEqual([False, True, False], [row[-1] for row in rows])
        self.assertAlmostEqual(20, rows[0][3], delta=4)
        self.assertIn("| resident memory, MiB |", soak_report.table(samples(grows=20.0), {"commands": 3}))
        self.assertIn("**no**", soak_report.table(samples(grows=20.0), {"commands": 3}))

    def test_the_picture_has_a_line_for_each_series(self):
        root = xml.etree.ElementTree.fromstring(soak_report.picture(samples()))
        lines = root.findall("{http://www.w3.org/2000/svg}polyline")
        self.assertEqual(3, len(lines))
        self.assertEqual(900, len(lines[0].get("points").split()))


class LoadTest(unittest.TestCase):
    def test_the_first_wrong_answer_ends_all_and_is_told(self):
        stop = threading.Event()

        def step(number):
            if number == 2:
                raise soak_load.Wrong("'no'")
            return 1

        load = soak_load.Load("questions", stop, step)
        load.start()
        load.join(60)
        self.assertTrue(stop.is_set())
        self.assertEqual((2, "questions: 'no'"), (load.done, load.wrong))


if __name__ == "__main__":
    unittest.main()
