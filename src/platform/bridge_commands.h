// Reads what a script asks for: one JSON object and the bytes beside it become an app::Command.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "app/command.h"
#include "app/settings.h"
#include "lab/experiments/request_json.h"

namespace lenet::platform {

/// `text` is {"do": name, …fields}. `payload` holds a file (importWeights), the float32 pixels of an image, or labels and pixels of a data
/// set (ownData).
/// An experiment's layer, unit and image that are left out are those of `defaults`. Throws Error with a sentence that names the function and the field when one is missing, unknown or of the wrong type.
app::Command parse_command(std::string_view text, std::span<const std::byte> payload, const lab::RequestDefaults& defaults);

}  // namespace lenet::platform
