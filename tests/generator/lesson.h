// SPDX-License-Identifier: Apache-2.0
//
// A few frames to count by hand: the worked capture of docs/measurement.md.
#pragma once

#include "tests/generator/recorder.h"

namespace kansoku::generator {

// Whole frames, all within one window. No choice of the user's, so that everybody has the same capture.
CaptureOptions LessonOptions();

// Writes until the recorder is full; its options are those above.
void WriteLesson(Recorder& recorder);

}  // namespace kansoku::generator
