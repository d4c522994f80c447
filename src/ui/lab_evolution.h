// The Evolution lab's parts: the strip of moments, and two moments beside each other.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ui/context.h"
#include "ui/tiles.h"

namespace lenet::ui {

/// What is worked out from an outcome once, and kept as long as it is on show: pictures have to stay where they are.
struct EvolutionCache {
  std::weak_ptr<const lab::Outcome> of;
  std::vector<float> projection_scales, filter_scales;  ///< by unit, over all moments; 0 where not worked out yet
  std::uint64_t a = 0, b = 0;                           ///< steps whose difference is below
  int unit = -1;
  std::vector<float> projection_change, filter_change;  ///< at b minus at a
};

/// An outcome with the unit that is looked at, and numbers of it by moment (index into `steps`) and unit.
struct EvolutionSight {
  const lab::EvolutionResult& result;
  EvolutionCache& cache;
  int unit = 0;

  int moments() const { return static_cast<int>(result.steps.size()); }
  std::size_t index(int moment, int of) const {
    return static_cast<std::size_t>(moment) * static_cast<std::size_t>(result.units) + static_cast<std::size_t>(of);
  }
  std::size_t picture_values() const;
  std::size_t filter_values() const;
  bool has_filters() const { return !result.filters.empty(); }
  const lab::Winner& winner(int moment, int of) const { return result.winners[index(moment, of)]; }
  std::span<const float> projection(int moment, int of) const {
    return part_of(result.projections, picture_values(), index(moment, of));
  }
  std::span<const float> patch(int moment, int of) const { return part_of(result.patches, picture_values(), index(moment, of)); }
  std::span<const float> filter(int moment, int of) const { return part_of(result.filters, filter_values(), index(moment, of)); }
  /// One scale per unit for all moments: a stretch of each would fake a change.
  float projection_scale(int of) const;
  float filter_scale(int of) const;
};

/// Whether all arrays have the sizes that the counts promise.
bool is_whole(const lab::EvolutionResult& result);

/// Rows of units, columns of moments (lab_evolution_strip.cpp).
void draw_evolution_strip(const Context& ui, const EvolutionSight& sight, ImVec2 size);
/// Moments A and B of the unit, and what changed between them (lab_evolution_pair.cpp).
void draw_evolution_pair(const Context& ui, const EvolutionSight& sight, float width, float tallest);

/// "step 512, end of epoch 1".
std::string moment_name(const Context& ui, std::uint64_t step);

}  // namespace lenet::ui
