#include "nn/kernels/sparse_conv.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "nn/kernels/tile.h"
#include "nn/lanes.h"

namespace lenet::nn::kernels {
namespace {

constexpr int kVector = 4;         // values that the backward kernels handle at once, a quad
constexpr int kLargestChunk = 13;  // vectors of accumulators: with the value and a load, sixteen registers
constexpr int kQuadsInVector = kVectorBytes / (kVector * static_cast<int>(sizeof(float)));
constexpr int kSlack = 16;         // values behind a buffer that a last, partly used vector may read

/// N × kVector neighbouring values of one image, in the widest vectors that there are: with AVX two quads are one.
template <class T, int N>
class Quads {
 public:
  void clear() {
    for (Wide& w : wide_) w = Wide::splat(T(0));
    for (Quad& q : rest_) q = Quad::splat(T(0));
  }
  void load(const T* from) {
    for (int i = 0; i < kWides; ++i) wide_[i] = Wide::load(from + i * kWideSize);
    for (int i = 0; i < kRest; ++i) rest_[i] = Quad::load(from + kWides * kWideSize + i * kVector);
  }
  void store(T* to) const {
    for (int i = 0; i < kWides; ++i) wide_[i].store(to + i * kWideSize);
    for (int i = 0; i < kRest; ++i) rest_[i].store(to + kWides * kWideSize + i * kVector);
  }
  /// this += value * from[…]
  void add_product(T value, const T* from) {
    for (int i = 0; i < kWides; ++i) wide_[i].add_product(value, Wide::load(from + i * kWideSize));
    for (int i = 0; i < kRest; ++i) rest_[i].add_product(value, Quad::load(from + kWides * kWideSize + i * kVector));
  }

 private:
  static constexpr int kWideSize = kQuadsInVector * kVector, kWides = N / kQuadsInVector, kRest = N % kQuadsInVector;
  using Wide = Pack<T, kWideSize>;
  using Quad = Pack<T, kVector>;
  std::array<Wide, kWides> wide_;
  std::array<Quad, kRest> rest_;
};

// --- forward --------------------------------------------------------------------------------------------------------------

struct Range {
  int begin, end;
  int size() const { return end - begin; }
};
Range inside(int start, int kernel, int length) { return {std::max(0, -start), std::min(kernel, length - start)}; }

// A kernel's row of fewer values than this is too short to loop over: its end is mispredicted more often than is worth it.
constexpr int kShortRow = 32;
constexpr int kMostTaps = 512;

/// Where each (ky, kx, channel) of a window lies from its first value on, in values of the block; empty unless rows are short.
class Taps {
 public:
  explicit Taps(const ConvGeometry& g) {
    const int row = g.kernel * g.input.channels;
    if (row >= kShortRow || row * g.kernel > kMostTaps) return;
    for (int ky = 0; ky < g.kernel; ++ky)
      for (int i = 0; i < row; ++i) offset_[static_cast<std::size_t>(count_++)] = (ky * g.input.width * g.input.channels + i) * kLanes;
  }
  int count() const { return count_; }
  const std::int32_t* offsets() const { return offset_.data(); }

 private:
  std::array<std::int32_t, kMostTaps> offset_;
  int count_ = 0;
};

/// sum[t] += Σ_i weights[i][t] · x[i].
template <class T, int Tile>
inline void accumulate(int run, const T* x, const T* weights, Lanes<T> (&sum)[Tile]) {
  for (int i = 0; i < run; ++i, x += kLanes, weights += Tile) {
    const Lanes<T> value = Lanes<T>::load(x);
    for (int t = 0; t < Tile; ++t) sum[t].add_product(weights[t], value);
  }
}

/// bias + weights ⋆ in at one output position, for `Tile` maps.
template <class T, int Tile>
inline void conv_at(const ConvGeometry& g, const Taps& taps, int oy, int ox, const T* in, const T* packed, const T* bias,
                    Lanes<T> (&sum)[Tile]) {
  const int channels = g.input.channels;
  const int top = oy * g.stride - g.padding, left = ox * g.stride - g.padding;
  for (int t = 0; t < Tile; ++t) sum[t] = Lanes<T>::splat(bias[t]);
  const Range ys = inside(top, g.kernel, g.input.height), xs = inside(left, g.kernel, g.input.width);
  const auto input = [&](int y, int x) { return in + static_cast<std::ptrdiff_t>((y * g.input.width + x) * channels) * kLanes; };
  if (taps.count() > 0 && ys.size() == g.kernel && xs.size() == g.kernel) {
    const T* window = input(top, left);
    const T* w = packed;
    for (int i = 0; i < taps.count(); ++i, w += Tile) {
      const Lanes<T> value = Lanes<T>::load(window + taps.offsets()[i]);
      for (int t = 0; t < Tile; ++t) sum[t].add_product(w[t], value);
    }
    return;
  }
  for (int ky = ys.begin; ky < ys.end; ++ky) {
    accumulate<T, Tile>(xs.size() * channels, input(top + ky, left + xs.begin), packed + (ky * g.kernel + xs.begin) * channels * Tile, sum);
  }
}

/// Keeps the larger of best and candidate, lane by lane, and where it came from; the first of equals stays.
template <class T>
inline void keep_larger(const Lanes<T>& candidate, std::int32_t place, T* best, std::int32_t* where) {
  if constexpr (sizeof(T) == sizeof(std::int32_t)) {
    using Places = Pack<std::int32_t, kLanes>;
    Lanes<T> b = Lanes<T>::load(best);
    Places w = Places::load(where);
    for (int i = 0; i < Lanes<T>::kParts; ++i) {
      const typename Places::Vector larger = candidate.part[i] > b.part[i];  // all bits set, or none
      b.part[i] = larger ? candidate.part[i] : b.part[i];
      w.part[i] = larger ? typename Places::Vector{} + place : w.part[i];
    }
    b.store(best);
    w.store(where);
  } else {
    T value[kLanes];
    candidate.store(value);
    for (int l = 0; l < kLanes; ++l) {
      const bool larger = value[l] > best[l];
      best[l] = larger ? value[l] : best[l];
      where[l] = larger ? place : where[l];
    }
  }
}

template <class T, int Tile>
void forward_tile(const ConvPoolGeometry& g, const Taps& taps, const T* in, const T* packed, const T* bias, T* out,
                  std::int32_t* switches) {
  for (int py = 0; py < g.output.height; ++py)
    for (int px = 0; px < g.output.width; ++px) {
      const std::ptrdiff_t to = static_cast<std::ptrdiff_t>((py * g.output.width + px) * g.output.channels) * kLanes;
      T* best = out + to;
      std::int32_t* where = switches + to;
      for (int place = 0; place < g.pool_kernel * g.pool_kernel; ++place) {
        Lanes<T> sum[Tile];
        conv_at<T, Tile>(g.conv, taps, py * g.pool_stride + place / g.pool_kernel, px * g.pool_stride + place % g.pool_kernel, in, packed,
                         bias, sum);
        for (int t = 0; t < Tile; ++t) {
          if (place == 0) {
            sum[t].store(best + t * kLanes);
            std::fill_n(where + t * kLanes, kLanes, 0);
          } else {
            keep_larger(sum[t], place, best + t * kLanes, where + t * kLanes);
          }
        }
      }
      if (!g.rectify) continue;
      for (int i = 0; i < Tile * kLanes; ++i) best[i] = best[i] < T(0) ? T(0) : best[i];
    }
}

// --- layouts --------------------------------------------------------------------------------------------------------------

/// A block [y][x][channel][8] → images [8][padded y][padded x][channel]; the padding stays zero.
template <class T>
void block_to_images(const ConvPoolGeometry& g, const T* block, T* images) {
  const int channels = g.conv.input.channels, row = g.conv.input.width * channels;
  const std::size_t size = g.padded_size();
  for (int y = 0; y < g.conv.input.height; ++y) {
    T* to = images + static_cast<std::ptrdiff_t>((y + g.conv.padding) * g.padded_width() + g.conv.padding) * channels;
    for (int i = 0; i < row; ++i, block += kLanes)
      for (std::size_t l = 0; l < kLanes; ++l) to[l * size + static_cast<std::size_t>(i)] = block[l];
  }
}

template <class T>
void images_to_block(const ConvPoolGeometry& g, const T* images, T* block) {
  const int channels = g.conv.input.channels, row = g.conv.input.width * channels;
  const std::size_t size = g.padded_size();
  for (int y = 0; y < g.conv.input.height; ++y) {
    const T* from = images + static_cast<std::ptrdiff_t>((y + g.conv.padding) * g.padded_width() + g.conv.padding) * channels;
    for (int i = 0; i < row; ++i, block += kLanes)
      for (std::size_t l = 0; l < kLanes; ++l) block[l] = from[l * size + static_cast<std::size_t>(i)];
  }
}

/// Offset, inside an image buffer, of the window that the pool's output (py, px) chose at `place`.
struct WindowOffsets {
  explicit WindowOffsets(const ConvPoolGeometry& geometry) : g(geometry) {}
  std::int32_t position(int py, int px) const {
    return static_cast<std::int32_t>(((py * g.pool_stride * g.conv.stride) * g.padded_width() + px * g.pool_stride * g.conv.stride) *
                                     g.conv.input.channels);
  }
  std::int32_t place(int k) const {
    return static_cast<std::int32_t>(((k / g.pool_kernel * g.conv.stride) * g.padded_width() + k % g.pool_kernel * g.conv.stride) *
                                     g.conv.input.channels);
  }
  const ConvPoolGeometry& g;
};

// --- gathering ------------------------------------------------------------------------------------------------------------

template <class T>
void gather_by_map(const ConvPoolGeometry& g, const T* out, const T* d_out, const std::int32_t* switches, SparseGradient<T>& sparse) {
  const WindowOffsets offsets(g);
  // Copies, since the compiler must assume that the lists written below could overlap what they are read from.
  const std::int32_t* place_offset = sparse.place_offset.data();
  const std::int32_t image_size = static_cast<std::int32_t>(g.padded_size());
  const int height = g.output.height, width = g.output.width, maps = g.output.channels;
  const std::int32_t row_step = offsets.position(1, 0), column_step = offsets.position(0, 1);
  const bool rectify = g.rectify;
  std::int32_t* offset = sparse.map_offset.data();
  T* value = sparse.map_value.data();
  std::int32_t n = 0;
  for (int o = 0; o < maps; ++o) {
    sparse.map_begin[static_cast<std::size_t>(o)] = n;
    std::ptrdiff_t from = static_cast<std::ptrdiff_t>(o) * kLanes;
    for (int py = 0; py < height; ++py)
      for (int px = 0; px < width; ++px, from += static_cast<std::ptrdiff_t>(maps) * kLanes) {
        std::int32_t base = py * row_step + px * column_step;
        for (int l = 0; l < kLanes; ++l, base += image_size) {
          // Written always and kept only where it counts: no branch to mispredict. Under a ReLU that is where it is open.
          offset[n] = base + place_offset[switches[from + l]];
          value[n] = d_out[from + l];
          n += rectify ? out[from + l] > T(0) : d_out[from + l] != T(0);
        }
      }
  }
  sparse.map_begin[static_cast<std::size_t>(maps)] = n;
}

/// For each pool output and image: the maps that chose place 0, then those that chose place 1, …
template <class T>
void gather_by_position(const ConvPoolGeometry& g, const T* out, const T* d_out, const std::int32_t* switches,
                        SparseGradient<T>& sparse) {
  using Entry = typename SparseGradient<T>::Entry;
  const WindowOffsets offsets(g);
  const int places = g.pool_kernel * g.pool_kernel, maps = g.output.channels;
  const bool rectify = g.rectify;
  std::int32_t* count = sparse.bucket_count.data();
  Entry* bucket = sparse.bucket.data();
  sparse.groups.clear();
  std::int32_t n = 0;
  for (int p = 0; p < g.output.height * g.output.width; ++p)
    for (int l = 0; l < kLanes; ++l) {
      std::ptrdiff_t at = static_cast<std::ptrdiff_t>(p) * maps * kLanes + l;
      std::fill_n(count, places, 0);
      for (int o = 0; o < maps; ++o, at += kLanes) {
        const std::int32_t place = switches[at], n_here = count[place];
        const T d = d_out[at];
        bucket[place * maps + n_here] = {o, d};
        count[place] = n_here + (rectify ? out[at] > T(0) : d != T(0));
      }
      const std::int32_t base = offsets.position(p / g.output.width, p % g.output.width) + l * static_cast<std::int32_t>(g.padded_size());
      for (int place = 0; place < places; ++place) {
        if (count[place] == 0) continue;
        std::copy_n(sparse.bucket.begin() + place * maps, count[place], sparse.entries.begin() + n);
        sparse.groups.push_back({base + sparse.place_offset[static_cast<std::size_t>(place)], n, n + count[place]});
        n += count[place];
      }
    }
}

// --- backward -------------------------------------------------------------------------------------------------------------

/// Rows × N quads of one map's weight gradient: sum[r][i] = Σ_entries value · image[window + r · stride + i].
template <class T, int Rows, int N>
inline void sum_rows(const T* images, int row_stride, const std::int32_t* offset, const T* value, std::int32_t count, T* sums, int padded_row) {
  Quads<T, N> sum[Rows];
  for (Quads<T, N>& s : sum) s.clear();
  for (std::int32_t e = 0; e < count; ++e) {
    const T* window = images + offset[e];
    const T v = value[e];
    for (int r = 0; r < Rows; ++r) sum[r].add_product(v, window + r * row_stride);
  }
  for (int r = 0; r < Rows; ++r) sum[r].store(sums + r * padded_row);
}

/// All rows of one map's weight gradient, [ky][padded row].
template <class T>
void map_gradient(const ConvPoolGeometry& g, const SparseGradient<T>& sparse, int map, T* sums) {
  const std::int32_t begin = sparse.map_begin[static_cast<std::size_t>(map)];
  const std::int32_t count = sparse.map_begin[static_cast<std::size_t>(map) + 1] - begin;
  const std::int32_t* offset = sparse.map_offset.data() + begin;
  const T* value = sparse.map_value.data() + begin;
  const int row_stride = g.padded_width() * g.conv.input.channels;
  if (g.conv.kernel == 5 && g.padded_row() == 8) {  // one channel: the whole 5×5 kernel at once
    sum_rows<T, 5, 2>(sparse.images.data(), row_stride, offset, value, count, sums, g.padded_row());
    return;
  }
  for (int ky = 0; ky < g.conv.kernel; ++ky) {
    for_each_chunk<kLargestChunk * kQuadsInVector>(g.padded_row() / kVector, [&](auto n, int first) {
      sum_rows<T, 1, n>(sparse.images.data() + ky * row_stride + first * kVector, row_stride, offset, value, count,
                        sums + ky * g.padded_row() + first * kVector, g.padded_row());
    });
  }
}

/// One chunk of one kernel row of the input's gradient, for all groups.
template <class T, int N>
void scatter_row(const ConvPoolGeometry& g, const SparseGradient<T>& sparse, const T* weights, T* d_images) {
  const std::ptrdiff_t kernel_size = static_cast<std::ptrdiff_t>(g.conv.kernel) * g.padded_row();
  for (const auto& group : sparse.groups) {
    T* to = d_images + group.offset;
    Quads<T, N> sum;
    sum.load(to);
    for (std::int32_t e = group.begin; e < group.end; ++e) {
      const auto [map, v] = sparse.entries[static_cast<std::size_t>(e)];
      sum.add_product(v, weights + map * kernel_size);
    }
    sum.store(to);
  }
}

}  // namespace

template <class T>
void pack_conv_rows(const ConvPoolGeometry& g, const T* weights, T* packed) {
  const int kernel = g.conv.kernel, channels = g.conv.input.channels;
  for (int o = 0; o < g.conv.output.channels; ++o)
    for (int ky = 0; ky < kernel; ++ky) {
      for (int i = 0; i < g.row(); ++i) {
        *packed++ = weights[((o * channels + i % channels) * kernel + ky) * kernel + i / channels];
      }
      for (int i = g.row(); i < g.padded_row(); ++i) *packed++ = T(0);
    }
}

template <class T>
void conv_pool_forward(const ConvPoolGeometry& g, const T* in, const T* packed, const T* bias, T* out, std::int32_t* switches) {
  const int per_channel = g.conv.kernel * g.row();
  const Taps taps(g.conv);
  for_each_tile<kTile>(g.output.channels, [&](auto tile, int first) {
    forward_tile<T, tile>(g, taps, in, packed + first * per_channel, bias + first, out + first * kLanes, switches + first * kLanes);
  });
}

template <class T>
void reserve(const ConvPoolGeometry& g, SparseGradient<T>& sparse) {
  const std::size_t images = g.padded_size() * kLanes + kSlack;
  const std::size_t most = g.output.size() * kLanes + 1;  // one more: the gathering writes before it decides to keep
  const std::size_t places = static_cast<std::size_t>(g.pool_kernel * g.pool_kernel);
  sparse.images.assign(images, T(0));
  sparse.d_images.assign(images, T(0));
  sparse.map_begin.resize(static_cast<std::size_t>(g.output.channels) + 1);
  sparse.map_offset.resize(most);
  sparse.map_value.resize(most);
  sparse.entries.resize(most);
  sparse.groups.reserve(std::min(most, g.output.size() / static_cast<std::size_t>(g.output.channels) * kLanes * places));
  sparse.bucket.resize(places * static_cast<std::size_t>(g.output.channels) + 1);
  sparse.bucket_count.resize(places);
  sparse.place_offset.clear();
  for (std::size_t k = 0; k < places; ++k) sparse.place_offset.push_back(WindowOffsets(g).place(static_cast<int>(k)));
  sparse.row_sums.resize(static_cast<std::size_t>(g.conv.kernel) * static_cast<std::size_t>(g.padded_row()));
}

template <class T>
void gather_gradient(const ConvPoolGeometry& g, const T* out, const T* d_out, const std::int32_t* switches, bool by_map, bool by_position,
                     SparseGradient<T>& sparse) {
  if (by_map) gather_by_map(g, out, d_out, switches, sparse);
  if (by_position) gather_by_position(g, out, d_out, switches, sparse);
}

template <class T>
void conv_pool_backward_weights(const ConvPoolGeometry& g, const T* in, SparseGradient<T>& sparse, T* d_weights, T* d_bias) {
  const int kernel = g.conv.kernel, channels = g.conv.input.channels;
  block_to_images(g, in, sparse.images.data());
  for (int o = 0; o < g.output.channels; ++o) {
    map_gradient(g, sparse, o, sparse.row_sums.data());
    for (int c = 0; c < channels; ++c)
      for (int ky = 0; ky < kernel; ++ky)
        for (int kx = 0; kx < kernel; ++kx) {
          d_weights[((o * channels + c) * kernel + ky) * kernel + kx] +=
              sparse.row_sums[static_cast<std::size_t>(ky * g.padded_row() + kx * channels + c)];
        }
    T sum = 0;
    for (std::int32_t e = sparse.map_begin[static_cast<std::size_t>(o)]; e < sparse.map_begin[static_cast<std::size_t>(o) + 1]; ++e) {
      sum += sparse.map_value[static_cast<std::size_t>(e)];
    }
    d_bias[o] += sum;
  }
}

template <class T>
void conv_pool_backward_input(const ConvPoolGeometry& g, SparseGradient<T>& sparse, const T* packed_rows, T* d_in) {
  std::fill(sparse.d_images.begin(), sparse.d_images.end(), T(0));
  const int row_stride = g.padded_width() * g.conv.input.channels;
  for (int ky = 0; ky < g.conv.kernel; ++ky) {
    // The chunks decide in which order overlapping windows are added, so they are the same on every processor.
    for_each_chunk<kLargestChunk>(g.padded_row() / kVector, [&](auto n, int first) {
      scatter_row<T, n>(g, sparse, packed_rows + ky * g.padded_row() + first * kVector,
                        sparse.d_images.data() + ky * row_stride + first * kVector);
    });
  }
  images_to_block(g, sparse.d_images.data(), d_in);
}

#define LENET_INSTANTIATE(T)                                                                                                       \
  template void pack_conv_rows<T>(const ConvPoolGeometry&, const T*, T*);                                                          \
  template void conv_pool_forward<T>(const ConvPoolGeometry&, const T*, const T*, const T*, T*, std::int32_t*);                    \
  template void reserve<T>(const ConvPoolGeometry&, SparseGradient<T>&);                                                           \
  template void gather_gradient<T>(const ConvPoolGeometry&, const T*, const T*, const std::int32_t*, bool, bool, SparseGradient<T>&); \
  template void conv_pool_backward_weights<T>(const ConvPoolGeometry&, const T*, SparseGradient<T>&, T*, T*);                      \
  template void conv_pool_backward_input<T>(const ConvPoolGeometry&, SparseGradient<T>&, const T*, T*);
LENET_INSTANTIATE(float)
LENET_INSTANTIATE(double)  // for gradient checks
#undef LENET_INSTANTIATE

}  // namespace lenet::nn::kernels
