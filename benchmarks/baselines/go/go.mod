// Licensed under the Apache License, Version 2.0; see the file LICENSE.
// SPDX-License-Identifier: Apache-2.0

module org.peercred/benchmarks/baseline

go 1.19
