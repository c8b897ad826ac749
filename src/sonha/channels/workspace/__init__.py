"""The official's side: queues, dossier pages, boards, administration."""
