// SPDX-License-Identifier: Apache-2.0
export default {build: {chunkSizeWarningLimit: 10000}};
