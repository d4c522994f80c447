// The threads of a run, with a workspace each.
#pragma once

#include <vector>

#include "base/thread_pool.h"
#include "nn/network.h"

namespace lenet::lab {

/// Workspaces for one network on a pool that several runs may share (they take turns). The pool must outlive it.
class Workers {
 public:
  Workers(const nn::Network<float>& network, ThreadPool& pool) : pool_(&pool) {
    for (int i = 0; i < pool.threads(); ++i) workspaces_.push_back(network.make_workspace());
  }

  int threads() const { return pool_->threads(); }
  nn::Workspace<float>& workspace(int worker) { return workspaces_[static_cast<std::size_t>(worker)]; }

  /// Calls task(piece, workspace) for piece 0 … count - 1 on all threads.
  template <class Task>
  void run(int count, const Task& task) {
    pool_->run(count, [&](int piece, int worker) { task(piece, workspace(worker)); });
  }

 private:
  ThreadPool* pool_;
  std::vector<nn::Workspace<float>> workspaces_;
};

}  // namespace lenet::lab
