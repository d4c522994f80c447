// Compiled and run once after Emscripten was found or set up: SIMD, a thread, and an exception caught across it.
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <thread>

using float4 = float __attribute__((vector_size(16)));

int main() {
    float4 sum = {1, 2, 3, 4};
    std::exception_ptr caught;
    std::thread([&] {
        try {
            sum = sum + sum;
            throw std::runtime_error("thrown in a thread");
        } catch (...) {
            caught = std::current_exception();
        }
    }).join();
    try {
        if (caught) std::rethrow_exception(caught);
    } catch (const std::exception& error) {
        std::printf("%s, caught; %g\n", error.what(), static_cast<double>(sum[3]));
        return sum[3] == 8.0F ? 0 : 1;
    }
    return 1;
}
